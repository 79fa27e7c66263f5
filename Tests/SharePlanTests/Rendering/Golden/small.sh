#!/usr/bin/env bash
# Plan 20261124T210359Z-7k3q from matrix.csv (12 rows, mode match), as AWS CLI commands.
#
# Run it once with the credentials of each owner account; sections of other accounts are skipped.
# Policies are saved under backup before anything is written. To put one back:
#   aws ecr set-repository-policy --registry-id ACCOUNT --region REGION --repository-name NAME \
#     --policy-text file://BACKUP
set -euo pipefail
umask 077
export AWS_PAGER=
backup=backup
# The first version of the AWS CLI asks STS nothing without a region.
export AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-${AWS_REGION:-us-east-1}}"
account=$(aws sts get-caller-identity --query Account --output text)

changed() {
    echo "changed since the plan was made, nothing is written in $account: $1" >&2
    exit 3
}

# Stops the script when a saved policy is not the one that the plan was made from.
planned_from() {
    local sum
    sum=$( (sha256sum || shasum -a 256) < "$2" 2> /dev/null)
    [ "${sum%% *}" = "$1" ] || changed "$2"
}

# Stops the script when a repository has a policy that the plan does not know of, or cannot be read.
planned_without() {
    local answer
    if answer=$(aws ecr get-repository-policy "$@" 2>&1); then changed "$6"; fi
    case $answer in
        *RepositoryPolicyNotFoundException*) ;;
        *)
            echo "$answer" >&2
            exit 1
            ;;
    esac
}

# Account 111122223333: 5 repositories to write
# Assume arn:aws:iam::111122223333:role/EcrShareOperator first.
# Not planned: 111122223333 us-east-1 base/rust: The repository with name 'base/rust' does not exist in the registry with id '111122223333'; create it, or leave it out [RepositoryNotFoundException]
if [ "$account" = 111122223333 ]; then
    # 1. Save what is there now.
    planned_without --registry-id 111122223333 --region eu-west-1 --repository-name base/python
    mkdir -p "$backup"/111122223333/us-east-1
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/go \
        --query policyText --output text > "$backup"/111122223333/us-east-1/base+go.json
    planned_from ceeeafcc0009964074f0a877b756b953aaa2f7032ea6d264cf9870c06e38c117 "$backup"/111122223333/us-east-1/base+go.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/java \
        --query policyText --output text > "$backup"/111122223333/us-east-1/base+java.json
    planned_from cc0d50e5c63d0a473ef636b7c9481ca41a7eb09050194be049f04b76c551148d "$backup"/111122223333/us-east-1/base+java.json
    planned_without --registry-id 111122223333 --region us-east-1 --repository-name base/python
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/retired \
        --query policyText --output text > "$backup"/111122223333/us-east-1/base+retired.json
    planned_from 8454d7a776b71566e8ef0d4918530402606ed5f56b331b530f963f79c9d4de6c "$backup"/111122223333/us-east-1/base+retired.json

    # 2. Write.
    # 444455556666 gains pull (TICKET-42)
    aws ecr set-repository-policy --registry-id 111122223333 --region eu-west-1 --repository-name base/python \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # 777788889999 LOSES pull
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/go \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"audit","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999900001111:role/audit"},"Action":"ecr:DescribeImages"},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # 777788889999 LOSES pull
    # 555566667777 gains pull, push and lambda-only
    # Warning: statement "no partner" denies ecr:* to 666677778888, whatever is granted
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/java \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"no partner","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::666677778888:root"},"Action":"ecr:*"},{"Sid":"EcrShareAllowPullAndPush","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::555566667777:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]},{"Sid":"EcrShareAllowLambdaPull","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Condition":{"StringLike":{"aws:sourceARN":["arn:aws:lambda:us-east-1:555566667777:function:*"]}}}]}' > /dev/null

    # 444455556666 gains pull (TICKET-42)
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/python \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # 444455556666 LOSES pull
    aws ecr delete-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name base/retired > /dev/null
else
    echo "skipped 111122223333 (5 repositories): the credentials are of $account" >&2
fi

# Plan: 5 repositories: 2 to create, 2 to update, 1 to delete, 2 unchanged, 1 problem; 4 grants added, 3 removed.
# Digest 4f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c3
