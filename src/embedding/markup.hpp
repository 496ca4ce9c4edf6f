#pragma once
#include <string>
#include <string_view>

// Text inside of HTML and XML.
namespace movio::embedding {

// For text and for values in double quotes, of HTML (§13.3) and of XML 1.0 (§2.2, §2.4) alike: control characters that
// XML does not know are left out.
std::string escaped(std::string_view text);
// JSON that can stand inside of a <script> (HTML §4.12.1.3): nothing in it ends that.
std::string inside_script(std::string_view json);

}  // namespace movio::embedding
