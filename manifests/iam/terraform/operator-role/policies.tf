# The two documents as values, statement for statement those of ../../operator-role.yaml.
locals {
  description  = "Assumed by ecr-share to share this account's ECR repositories."
  account      = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
  repositories = "arn:${local.partition}:ecr:*:${local.account}:repository"

  trust_condition = {
    for key, value in {
      "sts:ExternalId"     = var.external_id
      "aws:PrincipalOrgID" = var.organization_id
    } : key => value if value != null
  }

  trust_policy = {
    Version = "2012-10-17"
    Statement = [merge(
      {
        Sid       = "TrustedPrincipals"
        Effect    = "Allow"
        Principal = { AWS = var.trusted_principal_arns }
        Action    = "sts:AssumeRole"
      },
      # IAM need not accept a condition without a key, so the whole block is left out when there is nothing to ask for.
      { for key, value in { StringEquals = local.trust_condition } : "Condition" => { (key) = value } if length(value) > 0 }
    )]
  }

  permissions = {
    Version = "2012-10-17"
    Statement = [for statement in [
      {
        Sid    = "ListRepositories"
        Effect = "Allow"
        Action = "ecr:DescribeRepositories"
        # Not narrowed to the prefix: IAM judges a listing against repository/*, which no prefix covers.
        Resource = "${local.repositories}/*"
      },
      {
        Sid      = "ReadRepositoryPolicies"
        Effect   = "Allow"
        Action   = "ecr:GetRepositoryPolicy"
        Resource = "${local.repositories}/${var.repository_prefix}"
      },
      {
        Sid    = "ReadRegistrySettings"
        Effect = "Allow"
        Action = "ecr:GetRegistryPolicy"
        # These belong to the registry as a whole; IAM knows no resource for them.
        Resource = "*"
      },
      {
        Sid      = "AskWhatThisRoleMayDo"
        Effect   = "Allow"
        Action   = "iam:SimulatePrincipalPolicy"
        Resource = "arn:${local.partition}:iam::${local.account}:role/${var.role_name}"
      },
      var.allow_writes ? {
        Sid      = "WriteRepositoryPolicies"
        Effect   = "Allow"
        Action   = ["ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy"]
        Resource = "${local.repositories}/${var.repository_prefix}"
      } : null
    ] : statement if statement != null]
  }
}
