locals {
  services = {
    web    = { ports = [80, 443], type = "FARGATE" }
    worker = { ports = [], type = "EC2" }
  }
  one_none    = one([])
  one_some    = one(["x"])
  coalesced   = coalesce(null, "", "x")
  coalesce_l  = coalescelist([], ["x"])
  lookup_some = lookup(local.services, "web").type
  lookup_none = lookup({ a = 1 }, "b", 2)
  merged      = merge({ a = 1, b = { c = 1 } }, { b = { d = 2 } }, null)
  merged_each = merge([for name, one in local.services : { for port in one.ports : "${name}-${port}" => port }]...)
  flattened   = flatten([for name, one in local.services : [for port in one.ports : { name = name, port = port }]])
  by_type     = { for name, one in local.services : one.type => name... }
  product     = setproduct(["a", "b"], [1, 2])
  subtract    = setsubtract(["a", "b"], ["b"])
  union       = setunion(["b"], ["a"])
  distinct    = distinct(["a", "b", "a"])
  compacted   = compact(["a", "", null, "b"])
  chunks      = chunklist(["a", "b", "c"], 2)
  slices      = slice(["a", "b", "c"], 1, 3)
  zipped      = zipmap(["a", "b"], [1, 2])
  transposed  = transpose({ a = ["x", "y"], b = ["y"] })
  matched     = matchkeys(["i-1", "i-2"], ["a", "b"], ["b"])
  keys        = keys(local.services)
  values      = values(local.services)[*].type
  contains    = contains(keys(local.services), "web")
  index       = index(["a", "b"], "b")
  ranged      = range(1, 8, 3)
  reversed    = reverse(["a", "b"])
  sorted      = sort(["b", "a", "C"])
  summed      = sum([1, 2.5])
  minimum     = min(3, 1, 2)
  maximum     = max([3, 1]...)
  floored     = floor(3.7) + ceil(3.2) + abs(-2) + signum(-3)
  parsed      = parseint("ff", 16)
  formatted   = format("%s-%03d-%t-%v-%q", "a", 7, true, ["x", 1], "q")
  lists       = formatlist("%s:%d", ["a", "b"], 80)
  replaced    = replace("a-b-c", "-", "_")
  regexed     = replace("aws_instance", "/^aws_/", "")
  split       = split(",", "a,b,,c")
  trimmed     = trimprefix(trimsuffix(trimspace("  v1.2.0 "), ".0"), "v")
  cased       = title(lower("WEB app"))
  substring   = substr("serverless", 0, 6)
  captured    = regex("^(?P<family>[a-z]+)(?P<generation>\\d)", "m7g.large")
  all_found   = regexall("\\d", "m7g4")
  encoded     = jsonencode({ a = [1, "x", null], b = true })
  decoded     = jsondecode("{\"a\":[1,2],\"b\":null}").a[1]
  anything    = anytrue([false, true]) && alltrue([])
  to_set      = toset(["b", "a", "b"])
  to_map      = tomap({ a = 1, b = "2" })
  to_list     = tolist(["1", 2])
  ends        = endswith("m7g.large", "large") && startswith("m7g", "m7") && strcontains("m7g", "7")
  ordered     = { for at, name in sort(keys(local.services)) : name => at }
}
