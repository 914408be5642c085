"""The stages of a build, one file each: plain functions of small arguments that read files and write files."""
