"""The order of things between the rows of a consultation and the media server. Nothing else here touches the gateway.

Always three steps: the intent is written, the media server is asked, the outcome is written. No transaction is open
while the media server is asked, and whatever fails half-way is undone here or found by the watchdog.
"""
