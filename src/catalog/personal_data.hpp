#pragma once
#include <vector>

#include "catalog/quotas.hpp"
#include "ports/database.hpp"
#include "ports/personal_data.hpp"

namespace movio::catalog {

// `quota`, `videos` (one's own, those in the trash too), `captions` of these, a piece of a track an item,
// `embed_links` of these, `shared_with_me`, `reports` and `decisions` that they made, and `video_actions` (of the audit
// trail) of a person; no addresses of media and no tokens. References outlive them.
std::vector<PersonalPart> personal_parts(Database& database, const Quotas& quotas);

}  // namespace movio::catalog
