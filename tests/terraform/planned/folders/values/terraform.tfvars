type  = "m7g.large"
zones = ["b", "c"]
