resource "aws_subnet" "near" {
  cidr_block = "10.1.0.0/24"
}

# What is handed down is known but for one part: the rest has its type and its defaults all the same.
module "pool" {
  source = "./pool"

  place = { subnet = aws_subnet.near.id }
  pools = {
    small = { subnet = aws_subnet.near.id, count = "2" }
    large = {
      subnet = aws_subnet.near.id
      limits = [{ files = 1024 }, { files = 2048, tuning = { swap = "10" } }]
    }
  }
  rules = [{ from = aws_subnet.near.cidr_block, id = aws_subnet.near.id }]
}
