import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="currentColor"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

function Lines({ children }: { children: ReactNode }) {
  return (
    <Icon>
      <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
        {children}
      </g>
    </Icon>
  );
}

export const PlayIcon = () => (
  <Icon>
    <path d="M8 5.2v13.6a.9.9 0 0 0 1.37.77l11-6.8a.9.9 0 0 0 0-1.54l-11-6.8A.9.9 0 0 0 8 5.2Z" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <rect x="6" y="5" width="4.2" height="14" rx="1" />
    <rect x="13.8" y="5" width="4.2" height="14" rx="1" />
  </Icon>
);
export const ReplayIcon = () => (
  <Lines>
    <path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4.5v4h4" />
  </Lines>
);
export const SoundIcon = () => (
  <Lines>
    <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Z" fill="currentColor" />
    <path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />
  </Lines>
);
export const MutedIcon = () => (
  <Lines>
    <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Z" fill="currentColor" />
    <path d="m16 9.5 5 5m0-5-5 5" />
  </Lines>
);
export const SubtitlesIcon = () => (
  <Lines>
    <rect x="3" y="5" width="18" height="14" rx="2.5" />
    <path d="M6.5 12h5M14 12h3.5M6.5 15.5h2M11 15.5h6.5" />
  </Lines>
);
export const SubtitlesOnIcon = () => (
  <Icon>
    <path
      fillRule="evenodd"
      d="M5 4h14a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3Zm1 7v2h6v-2H6Zm7.5 0v2H18v-2h-4.5ZM6 14.8v2h2.8v-2H6Zm4.5 0v2H18v-2h-7.5Z"
    />
  </Icon>
);
export const QualityIcon = () => (
  <Lines>
    <path d="M4 7h9M18.5 7H20M4 12h2M11.5 12H20M4 17h8.5M18 17h2" />
    <circle cx="15.8" cy="7" r="2.3" />
    <circle cx="8.7" cy="12" r="2.3" />
    <circle cx="15.2" cy="17" r="2.3" />
  </Lines>
);
export const TracksIcon = () => (
  <Lines>
    <path d="M9 17.5V6l10-2v11.5" />
    <ellipse cx="6.5" cy="17.5" rx="2.5" ry="2" fill="currentColor" />
    <ellipse cx="16.5" cy="15.5" rx="2.5" ry="2" fill="currentColor" />
  </Lines>
);
export const SpeedIcon = () => (
  <Lines>
    <path d="M5.6 18.4a9 9 0 1 1 12.8 0" />
    <path d="m12 13 4-4.5" />
    <circle cx="12" cy="13" r="1.3" fill="currentColor" />
  </Lines>
);
export const FullscreenIcon = () => (
  <Lines>
    <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
  </Lines>
);
export const LeaveFullscreenIcon = () => (
  <Lines>
    <path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5" />
  </Lines>
);
export const CheckIcon = () => (
  <Lines>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Lines>
);
export const FilmIcon = () => (
  <Lines>
    <rect x="3" y="5" width="18" height="14" rx="2" />
    <path d="M8 5v14M16 5v14M3 9.7h5M3 14.3h5M16 9.7h5M16 14.3h5" />
  </Lines>
);
export const WarningIcon = () => (
  <Lines>
    <path d="M12 4 2.8 19.5h18.4ZM12 10v4.5" />
    <circle cx="12" cy="17" r=".6" fill="currentColor" />
  </Lines>
);
export const BackIcon = () => (
  <Lines>
    <path d="M19 12H5.5M11 6l-6 6 6 6" />
  </Lines>
);
export const SearchIcon = () => (
  <Lines>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5" />
  </Lines>
);
export const UploadIcon = () => (
  <Lines>
    <path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15v3a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-3" />
  </Lines>
);
export const PersonIcon = () => (
  <Lines>
    <circle cx="12" cy="8" r="3.8" />
    <path d="M4.5 20c.8-3.9 3.8-6 7.5-6s6.7 2.1 7.5 6" />
  </Lines>
);
export const CloseIcon = () => (
  <Lines>
    <path d="m6 6 12 12M18 6 6 18" />
  </Lines>
);
export const EditIcon = () => (
  <Lines>
    <path d="M4.5 19.5 5.4 15 16 4.4l3.6 3.6L9 18.6Z" />
  </Lines>
);
export const EmbedIcon = () => (
  <Lines>
    <path d="M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5M13.4 5l-2.8 14" />
  </Lines>
);
export const TrashIcon = () => (
  <Lines>
    <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.3 11v5M13.7 11v5" />
  </Lines>
);
export const EyeIcon = () => (
  <Lines>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.8" />
  </Lines>
);
