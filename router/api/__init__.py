"""The HTTP and WebSocket edges: who calls, what is asked, and the answer in full."""
