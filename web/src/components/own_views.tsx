import { NavLink } from 'react-router-dom';
import { strings } from '../strings';
import '../styles/list.css';
import '../styles/rows.css';

export function OwnViews() {
  return (
    <nav className="views" aria-label={strings.mine.views}>
      <NavLink to="/my-videos" end>
        {strings.header.myVideos}
      </NavLink>
      <NavLink to="/my-videos/trash">{strings.header.trash}</NavLink>
    </nav>
  );
}
