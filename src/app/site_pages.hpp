#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings.hpp"
#include "async/pool.hpp"
#include "http/router.hpp"

// What whoever runs a server tells its visitors, often because the law asks for it: a file of Markdown for each page,
// named by the setting `pages.<name>`. The web app shows them (web/src/pages/site_page.tsx).
namespace movio::app {

inline constexpr std::array<std::string_view, 3> kSitePages{"imprint", "terms", "privacy"};
// Long terms have some 100 kB; the page shows all of it at once.
inline constexpr std::int64_t kSitePageBytesMax = 256 << 10;

// Of files that cannot be shown. Reads them.
std::vector<std::string> site_page_problems(const Settings& settings);

// GET /api/v2/pages and /api/v2/pages/{name}. A file is read with each request, so what is changed is shown at once;
// one that cannot be read any more is `unavailable`. `disk` outlives the router.
void add_site_page_endpoints(http::Router& router, const Settings& settings, Pool& disk);
std::map<std::string, std::string> site_page_schemas();

}  // namespace movio::app
