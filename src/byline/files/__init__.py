"""Files that a build makes: the file system one operation at a time, run files, published Parquet."""
