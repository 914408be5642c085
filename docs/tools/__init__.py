"""What makes the documentation: reference pages from the code, the site from the pages."""
