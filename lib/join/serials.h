/*
 * serials - which GPU has a serial number.  The driver prints a GPU's address
 * and UUID, then its board's serial number, then the Xid, on separate lines,
 * and the line with the number does not name a GPU.  The number belongs to the
 * one GPU named by lines of its node within SERIALS_NEAR.  If they name
 * several, and its timestamp is finer than a second, it belongs to the last one
 * named with a UUID before it.
 * Source: kernel_rc.c of the open GPU kernel modules.
 * Layer join: includes event.
 */
#ifndef SERIALS_H
#define SERIALS_H

#include "event/event.h"

#define SERIALS_NEAR SECOND

/* Add address and UUID to the serial numbers in ev that have neither.  The
 * nodes are settled.  Numbers that fit no GPU or several remain as they are.
 * m: scratch memory. */
void serials_name(struct events *ev, struct mem *m);

#endif
