"""Prefect flows: they wrap byline's plain functions as tasks, show progress, and report. No data is touched here."""
