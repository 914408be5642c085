"""Raw listings and snapshots on an object store: fetched, built locally, published by one conditional write."""
