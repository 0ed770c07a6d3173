"""The edges over real sockets: HTTP, WebSocket, tokens, metrics."""
