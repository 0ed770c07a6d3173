"""Web chat: customers' browsers on one side, the router's public gateway protocol on the other."""
