"""Ingest of what is not WHIP: RTMP, SRT and RTSP, each bridged by ffmpeg into our own WHIP endpoint."""
