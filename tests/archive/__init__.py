"""The archive on real databases: nothing lost, nothing twice, and what is told of it."""
