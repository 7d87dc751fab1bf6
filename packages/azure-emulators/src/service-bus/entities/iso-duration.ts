import { badRequest } from '../errors/service-bus-error.js';

const pattern =
  /^P(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

/** The service's longest duration, which stands for no limit. */
const unlimited = 'P10675199DT2H48M5.4775807S';
const unlimitedInMs = 10_675_199 * 86_400_000;

/** Milliseconds of an ISO 8601 duration of days and less; Infinity for the service's longest. */
export function parseDuration(text: string): number {
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = pattern.exec(text)?.groups ?? {};
  if (!pattern.test(text) || text.endsWith('P') || text.endsWith('T')) {
    throw badRequest(`'${text}' is no duration, such as PT1M.`);
  }
  const milliseconds =
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  return milliseconds >= unlimitedInMs ? Number.POSITIVE_INFINITY : Math.round(milliseconds);
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds === Number.POSITIVE_INFINITY) return unlimited;
  const days = Math.floor(milliseconds / 86_400_000);
  const hours = Math.floor(milliseconds / 3_600_000) % 24;
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const seconds = (milliseconds % 60_000) / 1000;
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  const date = days > 0 ? `${days}D` : '';
  return date === '' && time === '' ? 'PT0S' : `P${date}${time === '' ? '' : `T${time}`}`;
}
