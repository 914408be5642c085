"""Raw listings and snapshots on an object store: fetched, built locally, published by one conditional write."""

from byline.storage.place import Place, open_place
from byline.storage.pointer import current_address
from byline.storage.remote import build_remotely, local_copy, rollback_remotely

__all__ = ["Place", "build_remotely", "current_address", "local_copy", "open_place", "rollback_remotely"]
