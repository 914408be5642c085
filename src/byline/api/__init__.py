"""byline from Python: what `import byline` offers."""
