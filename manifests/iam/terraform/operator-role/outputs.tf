output "role_arn" {
  description = "The role, for --role."
  value       = aws_iam_role.this.arn
}
