// Swift can use all of libyaml as it is; this says what is missing where its headers are not installed.
// Manual: https://pyyaml.org/wiki/LibYAML
#ifndef ECR_SHARE_CYAML_SHIM_H
#define ECR_SHARE_CYAML_SHIM_H

#if defined(__has_include) && !__has_include(<yaml.h>)
#error "ecr-share needs the libyaml headers. Debian and Ubuntu: sudo apt-get install libyaml-dev (or run scripts/setup)"
#endif

#include <yaml.h>

#endif
