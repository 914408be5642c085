"""`report.html`: one offline page on what a snapshot holds, made of its tables alone."""
