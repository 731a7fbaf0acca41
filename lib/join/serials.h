/*
 * serials - which GPU a serial number is of: the driver prints a GPU's address and UUID,
 * then its board's serial number, then the Xid, in lines of their own, and the
 * number's names no GPU.  It is that of the one GPU that lines of its node name
 * within SERIALS_NEAR of it.  Where they name several, and its time is finer than
 * a second, it is that of the last one named with a UUID before it.
 * Source: kernel_rc.c of the open GPU kernel modules.
 * Layer join: includes event.
 */
#ifndef SERIALS_H
#define SERIALS_H

#include "event/event.h"

#define SERIALS_NEAR SECOND

/* Add address and UUID to the serial numbers of ev, whose nodes are settled, that
 * stand alone; those of no GPU or of several stay as they are.  m: for as long as
 * it takes. */
void serials_name(struct events *ev, struct mem *m);

#endif
