/* SPDX-License-Identifier: Apache-2.0
 * accessControlLocationRegion: a circle on the globe, or countries. TS-0004 6.3.5.28,
 * TS-0003 7.1.3 and Annex F; ISO 3166-1. */
#include <math.h>

#include "sec/authz/authz_int.h"

#define EARTH_RADIUS 6371008.8 /* mean radius, metres */
#define RADIANS(degrees) ((degrees)*3.14159265358979323846 / 180.0)

static bool get_number(const struct wire_value *value, double *ret_number)
{
    if (wire_is(value, WIRE_REAL)) {
        *ret_number = value->real;
        return isfinite(value->real) != 0;
    }
    if (wire_is(value, WIRE_INT)) {
        *ret_number = (double)value->integer;
        return true;
    }
    return false;
}

static bool is_position(double latitude, double longitude)
{
    return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
}

static status compile_circle(const struct wire_value *value, struct authz_region *region)
{
    double *const numbers[3] = {&region->latitude, &region->longitude, &region->radius};
    ENSURE(wire_is(value, WIRE_ARRAY) && value->count == ARRAY_LEN(numbers), BAD_REQUEST,
           "accr is not latitude, longitude and radius");
    const struct wire_value *element = value->first;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++, element = element->next) {
        ENSURE(get_number(element, numbers[i]), BAD_REQUEST, "accr holds what is no number");
    }
    ENSURE(is_position(region->latitude, region->longitude) && region->radius >= 0, BAD_REQUEST,
           "accr is outside latitude 90, longitude 180 or has a negative radius");
    region->kind = AUTHZ_REGION_CIRCLE;
    return OK;
}

static bool is_country(struct bytes text)
{
    return text.len == 2 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' && text.ptr[1] >= 'A' &&
           text.ptr[1] <= 'Z';
}

static status compile_countries(struct authz_compiler *compiler, const struct wire_value *value,
                                struct authz_region *region)
{
    TRY(authz_check_list(compiler, value, "accc"));
    struct authz_country *countries =
        ARENA_ARRAY(compiler->arena, struct authz_country, value->count);
    ENSURE(countries != NULL, NO_MEMORY, "accc");
    for
        WIRE_EACH(element, value)
        {
            struct bytes code = wire_get_string(element);
            ENSURE(is_country(code), BAD_REQUEST, "accc holds what is no country code");
            struct authz_country *country = &countries[region->country_count++];
            country->code[0] = code.ptr[0];
            country->code[1] = code.ptr[1];
        }
    region->countries = countries;
    region->kind = AUTHZ_REGION_COUNTRIES;
    return OK;
}

status authz_region_compile(struct authz_compiler *compiler, const struct wire_value *value,
                            struct authz_region *ret_region)
{
    ENSURE(wire_is(value, WIRE_OBJECT) && value->count == 1, BAD_REQUEST,
           "aclr is not one of accr and accc");
    struct authz_region region = {.kind = AUTHZ_REGION_NOWHERE};
    if (bytes_is(value->first->name, "accr")) {
        TRY(compile_circle(value->first, &region));
    } else {
        ENSURE(bytes_is(value->first->name, "accc"), BAD_REQUEST, "aclr has a member \"%.*s\"",
               BYTES_FMT(value->first->name));
        TRY(compile_countries(compiler, value->first, &region));
    }
    *ret_region = region;
    return OK;
}

/* Haversine: exact across the date line and at the poles, and stable for small circles. */
static double great_circle(double latitude_a, double longitude_a, double latitude_b,
                           double longitude_b)
{
    double up = sin(RADIANS(latitude_b - latitude_a) / 2);
    double along = sin(RADIANS(longitude_b - longitude_a) / 2);
    double h = up * up + cos(RADIANS(latitude_a)) * cos(RADIANS(latitude_b)) * along * along;
    return 2 * EARTH_RADIUS * asin(sqrt(h > 1 ? 1 : h));
}

bool authz_region_match(const struct authz_region *region, const struct authz_facts *facts)
{
    switch (region->kind) {
    case AUTHZ_REGION_NOWHERE:
        return false;
    case AUTHZ_REGION_CIRCLE:
        return facts->has_location && is_position(facts->latitude, facts->longitude) &&
               great_circle(region->latitude, region->longitude, facts->latitude,
                            facts->longitude) <= region->radius;
    case AUTHZ_REGION_COUNTRIES:
        for (uint32_t i = 0; i < region->country_count; i++) {
            if (bytes_equal(bytes_of(region->countries[i].code, 2), facts->country)) {
                return true;
            }
        }
        return false;
    }
    return false;
}
