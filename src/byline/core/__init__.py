"""What every part stands on: errors, options, progress, results, identifiers, hashing, memory."""
