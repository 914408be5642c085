"""How a record was read, and why mentions are together or apart: facts for a person, laid out for the terminal."""
