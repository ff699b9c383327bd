// Every row that can be shown, by the part of a definition that it is about.

import { rows as answer } from './rows/answer.mjs';
import { rows as authorize } from './rows/authorize.mjs';
import { rows as calls } from './rows/calls.mjs';
import { rows as clients, privateKeys as ofClients } from './rows/clients.mjs';
import { rows as providers } from './rows/providers.mjs';
import { rows as revokes } from './rows/revokes.mjs';
import { rows as signed, privateKeys as ofConsumers } from './rows/signed.mjs';
import { rows as token } from './rows/token.mjs';
import { rows as typed } from './rows/typed.mjs';

export const table = { authorize, clients, token, answer, calls, revokes, typed, signed, providers };

/** What the services of the rows sign with. */
export const privateKeys = [...ofClients, ...ofConsumers];
