"""The actions of `ALTER TABLE`: those that the engines share, and those that one engine has alone."""
