"""A snapshot for other people's tools: tables, bibliographies, databases, networks."""
