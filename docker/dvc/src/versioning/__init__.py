"""Versions models with Git tags and DVC: create, verify, deliver, promote, roll back, clean up."""
