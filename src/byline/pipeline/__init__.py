"""One build: its stages in their order, what they leave for each other, where they run."""
