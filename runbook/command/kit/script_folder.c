/*
 * Compiled twice: for the checkout, where there are no scripts, and for what is
 * installed, with the folder that they are put into.
 */
#include "script.h"

#ifndef SCRIPT_FOLDER
#define SCRIPT_FOLDER NULL
#endif

const char *const script_folder = SCRIPT_FOLDER;
