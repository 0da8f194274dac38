"""Engagement: who came and stayed, what people did about picks, and which rare films they found."""
