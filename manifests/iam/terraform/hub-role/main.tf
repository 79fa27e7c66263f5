data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = local.description
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = jsonencode(local.trust_policy)
  tags                 = merge({ application = "ecr-share" }, var.tags)
}

# Inline, so that the policy cannot be attached elsewhere and goes when the role goes.
resource "aws_iam_role_policy" "this" {
  name   = "EcrShareHub"
  role   = aws_iam_role.this.id
  policy = jsonencode(local.permissions)
}
