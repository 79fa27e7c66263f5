#!/usr/bin/env bash
# Plan run'"<b>\u{1b}[31m$(id) from a b'"\n$(id)<i>.csv (9 rows, mode match), as AWS CLI commands.
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

# Account 111122223333: 9 repositories to write
# Assume arn:aws:iam::111122223333:role/EcrShareOperator first.
if [ "$account" = 111122223333 ]; then
    # 1. Save what is there now.
    mkdir -p "$backup"/111122223333/us-east-1
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-0 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-0.json
    planned_from 1b97aeb140da3a8d239aff6e893c292210a43853c2c3509a35ef7b4fe8d8bafd "$backup"/111122223333/us-east-1/odd+name-0.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-1 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-1.json
    planned_from 78913c935f70ca4a70bfe91286285d7389f57da724118bf7bb54705303c5ac2b "$backup"/111122223333/us-east-1/odd+name-1.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-2 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-2.json
    planned_from 6cf10901786e9e2930a0dee762b687dacd9ced8d0e4ac71296963d7a720c39e7 "$backup"/111122223333/us-east-1/odd+name-2.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-3 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-3.json
    planned_from 17e89a0ee6f55580124a034e74768d20362246b1fc1dfd7ce0b67538ead708e2 "$backup"/111122223333/us-east-1/odd+name-3.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-4 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-4.json
    planned_from 46a15db51b38c60fb431c5c476adc6e76d708517c277058eed8f66309cc6b254 "$backup"/111122223333/us-east-1/odd+name-4.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-5 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-5.json
    planned_from 6c8c3c72efcdbdabe19b0e2c597fbd4e2faeaf26166ebbfe5426b7b12bf065cd "$backup"/111122223333/us-east-1/odd+name-5.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-6 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-6.json
    planned_from 64c553377e1186b0e303164efe8c5b55a1f20037cf626cfa927fb02255699ba1 "$backup"/111122223333/us-east-1/odd+name-6.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-7 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-7.json
    planned_from 2fd297310a697add9ffc69543558113f80ddce440ecd4faa52203c1d4f7a218c "$backup"/111122223333/us-east-1/odd+name-7.json
    aws ecr get-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-8 \
        --query policyText --output text > "$backup"/111122223333/us-east-1/odd+name-8.json
    planned_from 2b44a5ce66953f56aeb782982bba7c0ecc8e3318be90a9639e42a070e10cf443 "$backup"/111122223333/us-east-1/odd+name-8.json

    # 2. Write.
    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (</script><script>alert(1)</script><img src=x onerror=alert(1)>)
    # Warning: </script><script>alert(1)</script><img src=x onerror=alert(1)>
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-0 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"</script><script>alert(1)</script><img src=x onerror=alert(1)>","Effect":"Deny","Principal":"*","Action":["ecr:</script><script>alert(1)</script><img src=x onerror=alert(1)>","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ('; touch /tmp/pwned; echo '$(touch /tmp/pwned)`touch /tmp/pwned`)
    # Warning: '; touch /tmp/pwned; echo '$(touch /tmp/pwned)`touch /tmp/pwned`
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-1 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"'\''; touch /tmp/pwned; echo '\''$(touch /tmp/pwned)`touch /tmp/pwned`","Effect":"Deny","Principal":"*","Action":["ecr:'\''; touch /tmp/pwned; echo '\''$(touch /tmp/pwned)`touch /tmp/pwned`","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\r\n\tnew line)
    # Warning: \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\r\n\tnew line
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-2 \
        --policy-text $'{"Version":"2008-10-17","Statement":[{"Sid":"\\u001b[2J\\u001b]0;title\\u0007\302\23331m\\r\\n\\tnew line","Effect":"Deny","Principal":"*","Action":["ecr:\\u001b[2J\\u001b]0;title\\u0007\302\23331m\\r\\n\\tnew line","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (| a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7)
    # Warning: | a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-3 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"| a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7","Effect":"Deny","Principal":"*","Action":["ecr:| a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (abc\u{202e}txt.exe\u{2066}\u{200b}\u{feff}end)
    # Warning: abc\u{202e}txt.exe\u{2066}\u{200b}\u{feff}end
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-4 \
        --policy-text $'{"Version":"2008-10-17","Statement":[{"Sid":"abc\342\200\256txt.exe\342\201\246\342\200\213\357\273\277end","Effect":"Deny","Principal":"*","Action":["ecr:abc\342\200\256txt.exe\342\201\246\342\200\213\357\273\277end","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (\nPOLICY\nEOF\nrm -rf ~\n)
    # Warning: \nPOLICY\nEOF\nrm -rf ~\n
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-5 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"\nPOLICY\nEOF\nrm -rf ~\n","Effect":"Deny","Principal":"*","Action":["ecr:\nPOLICY\nEOF\nrm -rf ~\n","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (back\slash \' \" \\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~)
    # Warning: back\slash \' \" \\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-6 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"back\\slash \\'\'' \\\" \\\\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~","Effect":"Deny","Principal":"*","Action":["ecr:back\\slash \\'\'' \\\" \\\\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (Grüße 東京 😀 \u{2028} é)
    # Warning: Grüße 東京 😀 \u{2028} é
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-7 \
        --policy-text $'{"Version":"2008-10-17","Statement":[{"Sid":"Grüße 東京 😀 \342\200\250 é","Effect":"Deny","Principal":"*","Action":["ecr:Grüße 東京 😀 \342\200\250 é","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null

    # arn:aws:iam::444455556666:role/team@corp+=,. gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer (```\n--> ]]> --!> \u{0})
    # Warning: ```\n--> ]]> --!> \u{0}
    aws ecr set-repository-policy --registry-id 111122223333 --region us-east-1 --repository-name odd/name-8 \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"```\n--> ]]> --!> \u0000","Effect":"Deny","Principal":"*","Action":["ecr:```\n--> ]]> --!> \u0000","ecr:BatchGetImage"]},{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/team@corp+=,."]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null
else
    echo "skipped 111122223333 (9 repositories): the credentials are of $account" >&2
fi

# Account 222233334444: 0 repositories to write
# Assume arn:aws:iam::222233334444:role/EcrShareOperator first.
# Not planned: 222233334444 us-east-1 odd/problem-0: </script><script>alert(1)</script><img src=x onerror=alert(1)> [code </script><script>alert(1)</script><img src=x onerror=alert(1)>]
# Not planned: 222233334444 us-east-1 odd/problem-1: '; touch /tmp/pwned; echo '$(touch /tmp/pwned)`touch /tmp/pwned` [code '; touch /tmp/pwned; echo '$(touch /tmp/pwned)`touch /tmp/pwned`]
# Not planned: 222233334444 us-east-1 odd/problem-2: \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\r\n\tnew line [code \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\r\n\tnew line]
# Not planned: 222233334444 us-east-1 odd/problem-3: | a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7 [code | a | b |  **bold** [link](https://example.com) ![x](y) @octocat #123 `code` <details> GH-7]
# Not planned: 222233334444 us-east-1 odd/problem-4: abc\u{202e}txt.exe\u{2066}\u{200b}\u{feff}end [code abc\u{202e}txt.exe\u{2066}\u{200b}\u{feff}end]
# Not planned: 222233334444 us-east-1 odd/problem-5: \nPOLICY\nEOF\nrm -rf ~\n [code \nPOLICY\nEOF\nrm -rf ~\n]
# Not planned: 222233334444 us-east-1 odd/problem-6: back\slash \' \" \\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~ [code back\slash \' \" \\ %s %n ${IFS} $HOME !! & ; < > * ? [a] {b} ~]
# Not planned: 222233334444 us-east-1 odd/problem-7: Grüße 東京 😀 \u{2028} é [code Grüße 東京 😀 \u{2028} é]
# Not planned: 222233334444 us-east-1 odd/problem-8: ```\n--> ]]> --!> \u{0} [code ```\n--> ]]> --!> \u{0}]

# Account 333344445555: 1 repository to write
# Assume arn:aws:iam::333344445555:role/EcrShareOperator first.
if [ "$account" = 333344445555 ]; then
    # 1. Save what is there now.
    mkdir -p "$backup"/333344445555/us-east-1
    aws ecr get-repository-policy --registry-id 333344445555 --region us-east-1 --repository-name odd/no-json \
        --query policyText --output text > "$backup"/333344445555/us-east-1/odd+no-json.json
    planned_from 433791ffa1f62ac3fed4d785315215e74226a274277d5a2a998534fd4e30411e "$backup"/333344445555/us-east-1/odd+no-json.json

    # 2. Write.
    # 444455556666 gains pull
    aws ecr set-repository-policy --registry-id 333344445555 --region us-east-1 --repository-name odd/no-json \
        --policy-text '{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}' > /dev/null
else
    echo "skipped 333344445555 (1 repository): the credentials are of $account" >&2
fi

# Plan: 10 repositories: 10 to update, 9 problems; 10 grants added.
# Digest 4f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c34f1a90c3
