zones   = ["x"]
untyped = 5
