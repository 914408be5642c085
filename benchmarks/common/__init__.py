"""What the benchmarks share: corpora of any size, measuring of processes, tables of figures."""
