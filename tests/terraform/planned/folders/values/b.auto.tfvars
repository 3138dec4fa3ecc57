zones = ["d"]
tags  = { Team = "web", Size = 3 }
