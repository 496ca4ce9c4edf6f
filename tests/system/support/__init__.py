"""What the system tests share: the real program, its answers, films made for tests, and readers of what it serves."""
