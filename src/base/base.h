/* SPDX-License-Identifier: Apache-2.0
 * Door of the room base: status, bytes, memory, buffers, maps, time values, limits, log lines. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/status.h"
#include "base/time.h"

#endif
