"""The version, spelled once. Pure."""

VERSION = "0.1.0"
