module "defaults" {
  source = "./service"
}

module "nulls" {
  source      = "./service"
  launch_type = null
  strict      = null
  settings    = null
  strict_map  = null
}

module "set" {
  source      = "./service"
  launch_type = "EC2"
  strict      = "EC2"
  settings    = { cpu = "512", unknown_to_type = true }
  strict_map  = { a = { size = 2 }, b = { size = "3", extra = [1] } }
  numbers     = ["1", 2]
  truth       = "true"
  text        = 5
  anything    = { deep = [1, "a", null] }
  pair        = ["1", 2]
  names       = ["b", "a", "b"]
}
