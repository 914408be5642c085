"""byline: pasted paper listings in, analysis-ready Parquet out."""

__version__ = "0.1.0"
