"""Planted faults: does a test notice when the code that decides what is published is broken?"""
