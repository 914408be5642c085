"""Where the work of a build runs: in this process, in a pool, or on a Dask cluster."""
