"""``make screenshots``: every page of the product, photographed in real Chromium on a running system."""
