"""Gateways to where customers are; each speaks to a router by the public protocol alone."""
