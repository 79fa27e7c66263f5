// What Swift cannot use of libxml2 as it is: xmlFree, a mutable global function pointer. The ICU switch is turned off
// before any other header, because ICU's headers would define types that Foundation's own ICU module defines too.
// Manual: https://gnome.pages.gitlab.gnome.org/libxml2/html/
#ifndef ECR_SHARE_CLIBXML2_SHIM_H
#define ECR_SHARE_CLIBXML2_SHIM_H

#if defined(__has_include) && !__has_include(<libxml/xmlversion.h>)
#error "ecr-share needs the libxml2 headers. Debian and Ubuntu: sudo apt-get install libxml2-dev (or run scripts/setup)"
#endif

#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>

static inline void ecrshare_xml_free(void *memory) {
    xmlFree(memory);
}

#endif
